#!/usr/bin/env node
// Starts the program that npm has installed beside this package for the system it runs on, and ends as the program ends.
"use strict";
const { spawn } = require("node:child_process");
const { name } = require("./package.json");
const systems = Object.values(require("./systems.json"));

function find() {
    const { platform, arch } = process;
    if (!systems.some((one) => one.os === platform && one.cpu === arch)) {
        const known = systems.map((one) => `${one.os} on ${one.cpu}`).join(", ");
        return { missing: `there is no Pamphlet for ${platform} on ${arch}, but for ${known}` };
    }
    const part = `${name}-${platform}-${arch}`;
    try {
        return { program: require.resolve(`${part}/bin/pamphlet${platform === "win32" ? ".exe" : ""}`) };
    } catch {
        return { missing: `npm has not installed ${part}, which holds the program. Install ${name} again, without --omit=optional or --no-optional` };
    }
}

const { program, missing } = find();
if (missing) {
    console.error(`pamphlet: ${missing}`);
    process.exit(3);
}
const running = spawn(program, process.argv.slice(2), { stdio: "inherit" });
// A terminal sends these to the program as well: this process waits until the program has ended by itself.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => running.kill(signal));
running.on("error", (error) => {
    console.error(`pamphlet: ${program} cannot be started: ${error.message}`);
    process.exit(3);
});
running.on("exit", (code, signal) => {
    if (!signal) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
});
