// Builds ../static/widget.js; with --check it only tells whether the committed file equals a fresh build.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const LIMIT = 30 * 1024;
const target = fileURLToPath(new URL("../static/widget.js", import.meta.url));

const { outputFiles } = await build({
  absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
  entryPoints: ["src/main.ts"],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2021"],
  charset: "utf8",
  legalComments: "none",
  banner: { js: "/* Madoguchi. Contains Preact, MIT License, Copyright (c) 2015-present Jason Miller. */" },
  plugins: [
    {
      // Line breaks and indents of the style sheet are for us, not for the customer's phone.
      name: "css-as-text",
      setup(bundle) {
        bundle.onLoad({ filter: /\.css$/ }, async ({ path }) => {
          const { code } = await (
            await import("esbuild")
          ).transform(readFileSync(path, "utf8"), {
            loader: "css",
            minify: true,
            target: ["safari15"],
          });
          return { contents: code.trim(), loader: "text" };
        });
      },
    },
  ],
  write: false,
});

const fresh = outputFiles[0].text;
const size = gzipSync(fresh, { level: 9 }).length;
if (size > LIMIT) {
  console.error(`widget.js has ${size} bytes after gzip; ${LIMIT} are allowed`);
  process.exit(1);
}
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== fresh) {
    console.error("static/widget.js isn't what src/ builds; run `npm run build` and commit the file");
    process.exit(1);
  }
} else {
  writeFileSync(target, fresh);
}
console.log(`widget.js: ${fresh.length} characters, ${size} bytes after gzip`);
