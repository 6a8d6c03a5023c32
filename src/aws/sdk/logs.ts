/** Its own module, so that a bundler sees what of the package is loaded lazily, and drops the rest. */
export { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
