#!/usr/bin/env node
// Finds a Node.js that runs TypeScript, then the command line itself.
import * as module from 'node:module'
import { fileURLToPath } from 'node:url'
import { findNode } from '../../setup/node.mjs'
import { runBound } from '../../setup/run.mjs'

try {
  const node = findNode()
  if (node === process.execPath) {
    // Keeps compiled code, types stripped, between starts; where the folder cannot be written it does without.
    module.enableCompileCache(
      fileURLToPath(new URL('../../node_modules/.cache/warren', import.meta.url)),
    )
    await import('../main.ts')
  } else process.exitCode = await runBound(node, process.argv.slice(1))
} catch (error) {
  process.stderr.write(`warren: ${error.message}\n`)
  process.exitCode = 1
}
