/** Its own module, so that a bundler sees what of the package is loaded lazily, and drops the rest. */
export { IAMClient } from '@aws-sdk/client-iam';
