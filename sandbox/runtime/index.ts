export type { Endpoint } from './addresses.ts';
export { startProcessRuntime } from './process-runtime.ts';
