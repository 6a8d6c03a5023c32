import { DeployError, EXIT } from '../errors.ts';

/** A template of the config can't be rendered. Nothing was written. */
export class TemplateError extends DeployError {
  readonly code = 'template';
  readonly exitCode = EXIT.usage;
}
