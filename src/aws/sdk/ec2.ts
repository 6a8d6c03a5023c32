/** Its own module, so that a bundler sees what of the package is loaded lazily, and drops the rest. */
export { EC2Client } from '@aws-sdk/client-ec2';
