// Kept apart and free of imports: it must run, and explain itself, on a Node of any age.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `This needs Node.js 20.19 or newer; this is ${process.versions.node}. Get the current one from https://nodejs.org, then run the same command again.`,
  );
  process.exit(1);
}
