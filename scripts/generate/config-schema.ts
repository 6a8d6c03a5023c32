import * as z from 'zod/mini';
import { configSchema } from '../../src/config/schema.ts';
import type { GeneratedFile } from './generated-file.ts';

/**
 * What editors show and check. It is stricter than the program in one thing: JSON Schema knows keys
 * in one spelling only. Draft 7, because that is what editors know best.
 */
export const configSchemaFile: GeneratedFile = {
  file: 'deploy-config.schema.json',
  content() {
    const { $schema, ...schema } = z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' });
    return `${JSON.stringify({ $schema, title: 'ecs-deploy config', ...schema }, null, 2)}\n`;
  },
};
