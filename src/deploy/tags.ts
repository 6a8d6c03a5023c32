import type { DeployPlan } from './plan.ts';

/** The tags of the original tool: by them its status command names what runs. */
export const CONFIG_SHA_TAG = 'config-sha';
export const BUILD_NUMBER_TAG = 'artifact-build-number';

export function deployTags(plan: DeployPlan): Record<string, string> {
  return {
    [CONFIG_SHA_TAG]: plan.configSha,
    [BUILD_NUMBER_TAG]: String(plan.artifact.buildNumber),
  };
}
