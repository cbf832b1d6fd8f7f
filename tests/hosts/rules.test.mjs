// Each host's rules, read by that host: the servers are started with the lines that the manual gives, at a free port of
// this machine, and asked for every former address. Netlify's rules are read by Netlify's own engine, which its command line
// uses too; the files around it are looked up as Netlify does.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import redirector from "netlify-redirector";

const here = dirname(fileURLToPath(import.meta.url));
const manual = readFileSync(join(here, "../../docs/content/addresses.md"), "utf8");
let folder;
let out;

before(() => {
    folder = mkdtempSync(join(tmpdir(), "pamphlet-hosts-"));
    out = join(folder, "site");
    execFileSync(process.env.PAMPHLET_BIN, ["--root", join(here, "site"), "build", "-q", "-o", out, "--now", "2026-06-01"], {
        stdio: "inherit",
    });
    // nginx and Apache read it as somebody else.
    execFileSync("chmod", ["-R", "a+rX", folder]);
});

after(() => rmSync(folder, { recursive: true, force: true }));

/** What the manual says for a host, with the folder of this test. */
function snippet(language) {
    const found = manual.match(new RegExp("```" + language + "\\n([^]*?)```"));
    assert.ok(found, `docs/content/addresses.md has no block of ${language}`);
    return found[1].replaceAll("/srv/www/example", out);
}

function freePort() {
    return new Promise((done) => {
        const server = net.createServer();
        server.listen(0, "127.0.0.1", () => {
            const { port } = server.address();
            server.close(() => done(port));
        });
    });
}

/** Asks for an address as it is written, and follows nothing. */
function ask(port, path) {
    return new Promise((done, failed) => {
        const asked = http.request({ host: "127.0.0.1", port, path, agent: false }, (answer) => {
            answer.resume();
            answer.on("end", () => done({ status: answer.statusCode, location: answer.headers.location }));
        });
        asked.on("error", failed);
        asked.end();
    });
}

/** Runs a server while `tests` ask it. */
async function served(port, command, args, tests, env = {}) {
    const server = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    server.stdout.on("data", (text) => (said += text));
    server.stderr.on("data", (text) => (said += text));
    const ended = new Promise((done) => server.on("exit", done));
    let over = false;
    ended.then(() => (over = true));
    const end = Date.now() + 30_000;
    try {
        for (;;) {
            const answers = await ask(port, "/").then(() => true, () => false);
            if (answers) break;
            assert.ok(!over && Date.now() < end, `${command} does not answer:\n${said}`);
            await new Promise((done) => setTimeout(done, 20));
        }
        await tests();
    } finally {
        server.kill("SIGTERM");
        await ended;
    }
}

/** What every server must answer: a former address, and where it leads (or the status). */
const EXPECTED = [
    ["/old/", "/research/one/"],
    ["/old", "/research/one/"],
    ["/older", "/research/one/"],
    ["/older/", "/research/one/"],
    ["/index.php?p=39089", "/research/one/"],
    ["/index.php?p=A", "/research/two/"],
    ["/index.php?p=a", "/research/one/"],
    ["/q.php?x=a+b&y=[1]", "/research/two/"],
    ["/files/old%20report.pdf", "/research/one/"],
    ["/caf%C3%A9/%C3%BC/", "/research/one/"],
    ["/dollar$1.pdf", "/research/one/"],
    ["/50%25.pdf", "/research/one/"],
    ["/say%20%22it%22.pdf", "/research/one/"],
    ["/page.html", "/research/one/"],
    ["/%7Bbrace%7D/", "/research/one/"],
    ["/away/", /^https:\/\/elsewhere\.example\/x\?y=1&z=(\$|%24)2$/],
    ["/with-query/", "/research/two/?from=old#part"],
    ["/figures.csv", "/publications/report/figures%20in%2050%25.csv"],
    ["/?p=7", "/research/two/"],
    ["/no-name?7", "/research/two/"],
    ["/named.php?who=Si%C3%A2n&at=10:30", "/research/two/"],
    ["/shop.php", "/research/one/"],
    ["/shop.php?id=1", "/research/two/"],
    ["/shop.php?id=1&lang=cy", "/research/one/"],
    ["/research/one/?v=2", "/research/two/"],
    ["/blog/one/", "/research/one/"],
    ["/blog/two", "/research/two/"],
    ["/news.php?item=two", "/research/two/"],
    ["/a.b(c)/one.htm", "/research/one/"],
    ["/axb(c)/one.htm", 404],
    ["/closed/", 410],
    ["/closed.pdf", 410],
    ["/closed.php?id=4", 410],
    ["/closed.php?id=5", 404],
    ["/index.php?p=390890", 404],
    ["/index.php", 404],
    ["/xold/", 404],
    ["/", 200],
    ["/research/one/", 200],
    ["/publications/report/figures%20in%2050%25.csv", 200],
    ["/nothing/", 404],
];

/** `port` is that of a server, or a function that answers in its place. */
async function answersAsExpected(port, more = [], except = []) {
    const wrong = [];
    const answer = typeof port === "function" ? port : (path) => ask(port, path);
    for (const [path, expected] of [...EXPECTED.filter(([path]) => !except.includes(path)), ...more]) {
        const { status, location } = await answer(path);
        if (typeof expected === "number") {
            if (status !== expected) wrong.push(`${path}: ${status} ${location ?? ""}, not ${expected}`);
            continue;
        }
        const own = `http://127.0.0.1:${port}`;
        const to = location?.startsWith(own) ? location.slice(own.length) : location;
        const fits = expected instanceof RegExp ? expected.test(to ?? "") : to === expected;
        if (status !== 301 || !fits) wrong.push(`${path}: ${status} ${location ?? ""}, not 301 ${expected}`);
    }
    assert.deepEqual(wrong, []);
    // Where a redirect leads, something is found, in one step.
    const own = EXPECTED.map(([, to]) => to).filter((to) => typeof to === "string");
    for (const path of new Set(own)) {
        const { status } = await answer(path.split("#")[0]);
        assert.equal(status, 200, path);
    }
}

test("nginx", async () => {
    const port = await freePort();
    const [maps, server] = [snippet("nginx"), snippet("nginx-server")];
    const home = join(folder, "nginx");
    mkdirSync(home);
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${home}/${name};`);
    writeFileSync(
        join(home, "nginx.conf"),
        `daemon off; pid ${home}/pid; error_log stderr; ${process.getuid() === 0 ? "user root;" : ""}\nevents {}\nhttp {\naccess_log off;\n${temporary.join("\n")}\n${maps}\n` +
            `${server.replace(/listen [^;]*;/, `listen 127.0.0.1:${port};`).replace(/server_name [^;]*;/, "")}\n}\n`,
    );
    const tests = () =>
        answersAsExpected(port, [
            ["/old/?utm_source=letter", "/research/one/"],
            ["/files/old%20report.pdf?x=1", "/research/one/"],
        ]);
    await served(port, "nginx", ["-e", "stderr", "-p", home, "-c", join(home, "nginx.conf")], tests, {
        PATH: `${process.env.PATH}:/usr/sbin`,
    });
});

test("Apache", async () => {
    const port = await freePort();
    const home = join(folder, "apache");
    mkdirSync(home);
    const modules = ["mpm_event", "authz_core", "dir", "rewrite"];
    const loaded = modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join("\n");
    const user = process.getuid() === 0 ? "User www-data\nGroup www-data\n" : "";
    writeFileSync(
        join(home, "apache2.conf"),
        `ServerRoot ${home}\nPidFile ${home}/pid\nErrorLog ${home}/log\nListen 127.0.0.1:${port}\nServerName localhost\n${loaded}\n${user}` +
            snippet("apache"),
    );
    const tests = () => answersAsExpected(port, [["/old/?utm_source=letter", "/research/one/"]]);
    await served(port, "apache2", ["-f", join(home, "apache2.conf"), "-D", "FOREGROUND"], tests, {
        PATH: `${process.env.PATH}:/usr/sbin`,
    });
});

test("Caddy", async () => {
    const port = await freePort();
    const home = join(folder, "caddy");
    mkdirSync(home);
    writeFileSync(
        join(home, "Caddyfile"),
        `{\n\tadmin off\n\tauto_https off\n}\n${snippet("caddy").replace("www.example.org {", `http://127.0.0.1:${port} {`)}`,
    );
    const tests = () => answersAsExpected(port);
    const args = ["run", "--config", join(home, "Caddyfile"), "--adapter", "caddyfile"];
    await served(port, "caddy", args, tests, { HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home });
});

test("Netlify", async () => {
    // Netlify shows a file before it reads a rule, so its site has no pages at former addresses, as the manual says.
    const [site, own] = [join(folder, "netlify"), join(folder, "netlify-site")];
    cpSync(join(here, "site"), site, { recursive: true });
    const settings = readFileSync(join(site, "site.toml"), "utf8");
    writeFileSync(join(site, "site.toml"), settings.replace("[hosting]", "[hosting]\nredirect_pages = false"));
    execFileSync(process.env.PAMPHLET_BIN, ["--root", site, "build", "-q", "-o", own, "--now", "2026-06-01"]);
    const rules = await redirector.parsePlain(readFileSync(join(own, "_redirects"), "utf8"), {});
    const isFile = (path) => existsSync(path) && statSync(path).isFile();
    const answer = (asked) => {
        const [path, query = ""] = asked.split("?");
        const below = join(own, decodeURIComponent(path));
        const isThere = isFile(below) || isFile(join(below, "index.html"));
        const rule = rules.match({
            scheme: "https",
            host: "www.example.org",
            path,
            query,
            headers: {},
            cookieValues: {},
            getHeader: () => "",
            getCookie: () => "",
        });
        // A file goes before a rule that does not insist.
        if (rule && (rule.force || !isThere)) return { status: rule.status, location: rule.to };
        return { status: isThere ? 200 : 404 };
    };
    const more = [
        ["/old/?utm_source=letter", "/research/one/"],
        ["/files/old%20report.pdf?x=1", "/research/one/"],
        ["/shop.php?lang=cy&id=1", "/research/one/"],
    ];
    // `check` warns of both: Netlify compares only names with values, and no value with a blank.
    await answersAsExpected(answer, more, ["/no-name?7", "/q.php?x=a+b&y=[1]"]);
});

// The preview sends on for now only (302), and does not say what is gone for good.
test("The preview", async () => {
    const port = await freePort();
    const asHost = async (path) => {
        const { status, location } = await ask(port, path);
        // It has the pages at former addresses, and a file server's slash.
        if (status === 301 && location === `${path}/`) return asHost(location);
        return { status: status === 302 ? 301 : status, location };
    };
    const gone = EXPECTED.filter(([, expected]) => expected === 410).map(([path]) => path);
    const args = ["--root", join(here, "site"), "serve", "--as-published", "--now", "2026-06-01 09:00", "--port", `${port}`];
    await served(port, process.env.PAMPHLET_BIN, args, () => answersAsExpected(asHost, [], gone));
});
