// Starts the api with Node's compile cache, which keeps types stripped too: without it the stripper alone stays in memory with 25 MB.
// The first start fills it; where the folder cannot be written the api runs all the same.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/warren', import.meta.url)))
await import('./main.ts')
