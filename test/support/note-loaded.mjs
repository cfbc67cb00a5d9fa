import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";

// For `node --import`: writes down which packages a process loads, each once.
const known = new Set();

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const name = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(found.url)?.[1];
    if (name && !known.has(name)) {
      known.add(name);
      appendFileSync(process.env.LOADED_PACKAGES, `${name}\n`);
    }
    return found;
  },
});
