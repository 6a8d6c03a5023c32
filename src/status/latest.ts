import type { AppConfig } from '../config/config.ts';
import type { Home } from './ports.ts';

/** Marks artifacts that may be deployed without anybody asking for them. */
const AUTOMATED = { ForAutomatedDeploy: 'true' };

/** The value of the newest artifact for automated deploys; undefined when there is none. */
export async function readLatest(
  { artifactDbProjectName }: AppConfig,
  home: () => Promise<Home>,
): Promise<string | undefined> {
  const { artifacts } = await home();
  return (await artifacts.latest(artifactDbProjectName, AUTOMATED))?.value;
}
