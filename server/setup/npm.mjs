import fs from "node:fs";
import path from "node:path";

/**
 * How to run npm so that it survives the removal of node_modules: by the npm that started us where there is one,
 * and never by the Node inside node_modules. Answers `{ command, args, env, shell }` for spawn.
 */
export function findNpm(root, env) {
  const modules = path.join(root, "node_modules") + path.sep;
  const inside = (folder) => (path.resolve(folder) + path.sep).startsWith(modules);
  const nameOfPath = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  const folders = (env[nameOfPath] ?? "").split(path.delimiter).filter((folder) => folder && !inside(folder));
  const clean = { ...env, [nameOfPath]: folders.join(path.delimiter) };
  // Set for production by a parent npm, these would leave out what is needed here.
  for (const name of ["npm_config_omit", "npm_config_production", "npm_config_only", "npm_config_dry_run"]) {
    delete clean[name];
  }
  const windows = process.platform === "win32";
  const script = env.npm_execpath;
  const node = [
    env.npm_node_execpath,
    ...folders.map((folder) => path.join(folder, windows ? "node.exe" : "node")),
  ]
    .filter((file) => file && !inside(path.dirname(file)))
    .find((file) => fs.existsSync(file));
  if (node && script?.endsWith("npm-cli.js") && !inside(path.dirname(script)) && fs.existsSync(script)) {
    return { command: node, args: [script], env: clean, shell: false };
  }
  return { command: windows ? "npm.cmd" : "npm", args: [], env: clean, shell: windows };
}
