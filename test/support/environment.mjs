/**
 * Jest's environment for Node with a plain global object in each test file's realm. Jest hands V8 a Proxy for it, so
 * that every `Math`, `Number` or `Date` that the code under test names goes through a trap: it runs at half its speed.
 */
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

export default class PlainGlobalEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }
}
