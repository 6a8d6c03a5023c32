/** Its own module, so that a bundler sees what of the package is loaded lazily, and drops the rest. */
export { SSMClient } from '@aws-sdk/client-ssm';
