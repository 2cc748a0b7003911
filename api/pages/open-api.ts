import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi'
import { problemSchema } from '@warren/contracts/http/problem'
import { z } from 'zod'
import type { Route } from '../http/route.ts'

const json = (schema: z.ZodType, mediaType = 'application/json') => ({
  content: { [mediaType]: { schema } },
})

/** `/tokens/:id` → `/tokens/{id}` with its parameters. */
function toTemplate(path: string) {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => String(name))
  const params = z.object(Object.fromEntries(names.map((name) => [name, z.string()])))
  return { path: path.replace(/:(\w+)/g, '{$1}'), params: names.length === 0 ? undefined : params }
}

const rolesOf = ({ roles }: Route): string => {
  if (roles === 'anyone') return 'Needs no credential.'
  return roles === 'known' ? 'Any credential.' : `Roles: ${roles.join(', ')}.`
}

function register(registry: OpenAPIRegistry, route: Route): void {
  const { path, params } = toTemplate(route.path)
  const { status, schema, mediaType } = route.success
  registry.registerPath({
    method: route.method,
    path,
    tags: [route.tag],
    summary: route.summary,
    description: rolesOf(route),
    security: route.roles === 'anyone' ? [] : [{ bearer: [] }, { basic: [] }, { session: [] }],
    request: {
      ...(params === undefined ? {} : { params }),
      ...(route.query === undefined ? {} : { query: route.query }),
      ...(route.body === undefined ? {} : { body: { required: true, ...json(route.body) } }),
    },
    responses: {
      [status]: {
        description: status === 204 ? 'Done' : 'The answer',
        ...(schema === undefined ? {} : json(schema, mediaType)),
      },
      default: {
        description: 'A problem (RFC 9457)',
        ...json(problemSchema, 'application/problem+json'),
      },
    },
  })
}

/** The OpenAPI 3.1 document of a route table: the schemas are the ones that validate. */
export function toOpenApi(routes: readonly Route[], version: string, basePath: string): object {
  const registry = new OpenAPIRegistry()
  const scheme = (name: string, text: Parameters<typeof registry.registerComponent>[2]): void => {
    registry.registerComponent('securitySchemes', name, text)
  }
  scheme('bearer', { type: 'http', scheme: 'bearer', description: 'An API token, wrn_…' })
  scheme('basic', { type: 'http', scheme: 'basic', description: 'A password, or a token as one' })
  scheme('session', { type: 'apiKey', in: 'cookie', name: 'warren_session' })
  for (const route of routes) register(registry, route)
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Warren',
      version,
      description:
        'Warren’s own REST interface. Metrics and logs are read through /gateway/influxdb and /gateway/elasticsearch in InfluxDB’s and Elasticsearch’s own shapes.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: basePath === '' ? '/' : basePath }],
  })
}
