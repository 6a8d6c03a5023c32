import * as z from 'zod/mini';
import { configSchema } from '../../src/config/schema.ts';
import { CONTAINER_DEFINITION_TEXTS } from './container-definition-texts.ts';
import type { GeneratedFile } from './generated-file.ts';

/** As much of a JSON Schema as is looked into here. */
export interface JsonSchema {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  /** `{}`: nothing is accepted. */
  readonly not?: object;
}

/**
 * What editors show and check. It is stricter than the program in one thing: JSON Schema knows keys
 * in one spelling only. Draft 7, because that is what editors know best.
 */
export const configSchemaFile: GeneratedFile = {
  file: 'deploy-config.schema.json',
  content() {
    const generated = z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' });
    const { $schema, ...schema } = generated as JsonSchema & { $schema?: string };
    const described = withContainerTexts(schema, '');
    return `${JSON.stringify({ $schema, title: 'ecs-deploy config', ...described }, null, 2)}\n`;
  },
};

const CONTAINERS = '.Apps.*.ContainerDefinitionTemplates[].';

/** Describes the keys of container definitions, which the program has no texts for. */
function withContainerTexts(schema: JsonSchema, path: string): JsonSchema {
  const text = path.startsWith(CONTAINERS)
    ? CONTAINER_DEFINITION_TEXTS[path.slice(CONTAINERS.length)]
    : undefined;
  const { additionalProperties, items, properties } = schema;
  return {
    ...schema,
    ...(text && { description: text[0], examples: [text[1]] }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, inner]) => {
          return [key, withContainerTexts(inner, `${path}.${key}`)];
        }),
      ),
    }),
    ...(items && { items: withContainerTexts(items, `${path}[]`) }),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: withContainerTexts(additionalProperties, `${path}.*`),
    }),
  };
}
