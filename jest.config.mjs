/** Jest runs TypeScript as ES modules through one small esbuild transform: ts-jest needs TypeScript's JavaScript API, which TypeScript 7 has not. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/jest-esbuild.mjs' },
  coverageProvider: 'v8',
  testTimeout: 30_000,
  // Half of the time goes into waiting for real processes: a core is not to wait with them.
  maxWorkers: 2,
};
