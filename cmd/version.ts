declare const ECS_DEPLOY_VERSION: string;

/** From package.json, put in by scripts/build.mjs; `0.0.0-source` when run without a build. */
export const version =
  typeof ECS_DEPLOY_VERSION === 'undefined' ? '0.0.0-source' : ECS_DEPLOY_VERSION;
