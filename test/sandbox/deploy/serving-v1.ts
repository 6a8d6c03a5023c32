import { DeployScene } from '../../support/deploy-scene.ts';

export const LOCK_KEY = 'hello-dev';

/** The service of the scenes, as ECS's operations name it. */
export const SERVICE = { cluster: 'hello-dev', service: 'hello-dev' };

/** A scene in which v1 serves on green. */
export async function servingV1() {
  const scene = await DeployScene.create();
  const { serving } = await scene.deploy('aaaa1111');
  return { scene, original: serving?.taskSetId ?? '' };
}
