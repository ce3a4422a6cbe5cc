// Mesh finds handlers as packages; this one is compiled with the rest of the hub.
export { default } from '../../../../dist/sources/kit/mesh-handlers/soap-rpc/index.js';
