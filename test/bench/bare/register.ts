/** `node --import .../register.js`: see hooks.ts. */
import { register } from 'node:module';

register(new URL('./hooks.js', import.meta.url));
