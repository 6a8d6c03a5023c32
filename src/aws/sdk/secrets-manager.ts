/** Its own module, so that a bundler sees what of the package is loaded lazily, and drops the rest. */
export { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
