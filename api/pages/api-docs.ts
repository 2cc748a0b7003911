import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Router } from 'express'
import type { Route } from '../http/route.ts'
import { documentationPolicy } from './content-policy.ts'
import { toOpenApi } from './open-api.ts'

/** The page's bundle, out of the installed package: the browser loads nothing from elsewhere. */
const bundle = join(
  dirname(createRequire(import.meta.url).resolve('@scalar/api-reference')),
  'browser/standalone.js',
)

const configuration = {
  withDefaultFonts: false,
  hideClientButton: true,
  telemetry: false,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
}

const escapeAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')

const page = (basePath: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Warren API</title></head>
<body>
<script id="api-reference" type="application/json" data-url="${basePath}/api/openapi.json" data-configuration="${escapeAttribute(JSON.stringify(configuration))}"></script>
<script src="${basePath}/api/docs/standalone.js"></script>
</body>
</html>
`

export interface ApiDocsOptions {
  readonly routes: readonly Route[]
  readonly version: string
  readonly basePath: string
}

/** `/api/openapi.json` and `/api/docs`. */
export function apiDocs({ routes, version, basePath }: ApiDocsOptions): Router {
  const router = Router({ caseSensitive: true })
  const document = toOpenApi(routes, version, basePath)
  router.get('/api/openapi.json', (_, response) => void response.json(document))
  router.get('/api/docs', documentationPolicy(), (_, response) => {
    response.type('html').send(page(basePath))
  })
  router.get('/api/docs/standalone.js', (_, response) => {
    response.sendFile(bundle, { maxAge: '1h' })
  })
  return router
}
