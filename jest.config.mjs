// ESM under jest: run with NODE_OPTIONS=--experimental-vm-modules (npm test does). Every file loads all modules anew and runs
// them once: npm test also tells V8 to spend less on compiling and collecting, which takes a sixth off the processor's time.
export default {
  testEnvironment: '<rootDir>/test/support/environment.mjs',
  roots: ['<rootDir>/gateway', '<rootDir>/schema', '<rootDir>/sources', '<rootDir>/jobs', '<rootDir>/test'],
  // Those that start the built programs take as long as all others together: npm run test:processes.
  testMatch: [process.env.HUB_TEST_PROCESSES ? '**/*.process.test.ts' : '**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // Mesh's artifacts name the compiled files; tests take the sources themselves, so that each module exists once.
  moduleNameMapper: {
    '^\\.\\./dist/(.*)\\.js$': '<rootDir>/$1.ts',
    '^(soap-rpc|exchange-database)-handler$': '<rootDir>/sources/kit/mesh-handlers/$1/index.ts',
  },
  // 100,000 institutions and 10,000 deliveries take longer than the suite may: npm run test:scale, npm run test:chaos.
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(process.env.HUB_TEST_SCALE ? [] : ['large-index\\.test\\.ts$']),
    ...(process.env.HUB_TEST_PROCESSES || process.env.HUB_TEST_CHAOS || process.env.HUB_TEST_STORM
      ? []
      : ['\\.process\\.test\\.ts$']),
    ...(process.env.HUB_TEST_CHAOS ? [] : ['chaos/many\\.test\\.ts$', 'gateway/worker-process\\.test\\.ts$']),
  ],
  modulePathIgnorePatterns: ['<rootDir>/.mesh/package.json'],
  // A hub as a process starts its own servers; on a busy machine that takes a while.
  testTimeout: 60_000,
  // A suite whose set-up failed may leave a server listening; the run must end and say so all the same.
  forceExit: true,
  // Two cores: one worker runs tests while the other core serves the reference upstreams; programs need both cores.
  maxWorkers: process.env.HUB_TEST_PROCESSES ? 1 : 2,
  // What a file has loaded is never given back; before the collector has more to do than the tests, a worker is replaced.
  workerIdleMemoryLimit: '400MB',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: false },
        },
        module: { type: 'es6' },
      },
    ],
  },
};
