/** Its own module, so that a bundler sees what of the package is loaded lazily, and drops the rest. */
export { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
