import type { AppConfig } from '../config/config.ts';
import type { Json } from '../config/json.ts';

/**
 * Whether any template of an app might name a reference: a variable, a parameter or a secret. Cheap,
 * and sometimes wrongly true. Apart from the engine, so that who names none need not load it for this.
 */
export function mentionsReferences(app: AppConfig): boolean {
  return [
    ...app.containerDefinitionTemplates,
    ...app.preDeployCommandTemplates,
    ...app.postDeployCommandTemplates,
  ].some(isIn);
}

function isIn(template: Json): boolean {
  if (typeof template === 'string') {
    return template.includes('{{') && /\b(?:env|ssm|secretArn)\b/.test(template);
  }
  if (typeof template !== 'object' || template === null) return false;
  return Object.values(template as Readonly<Record<string, Json>>).some(isIn);
}
