import type { ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import { Counter, Histogram, type Registry } from 'prom-client'

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])

/** Counts a request when its answer has ended, by its route at that moment: one of the tables, so that labels are bounded. */
export type CountRequest = (method: string, response: ServerResponse, route: () => string) => void

export function createRequestCount(registry: Registry): CountRequest {
  const registers = [registry]
  const total = new Counter({
    name: 'warren_api_requests_total',
    help: 'Answered requests',
    labelNames: ['route', 'method', 'status'],
    registers,
  })
  const seconds = new Histogram({
    name: 'warren_api_request_seconds',
    help: 'Time from the request to the end of its answer',
    labelNames: ['route'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers,
  })
  return (method, response, routeOf) => {
    const startMs = performance.now()
    response.once('close', () => {
      const route = routeOf()
      const known = methods.has(method) ? method : 'other'
      total.inc({ route, method: known, status: String(response.statusCode) })
      seconds.observe({ route }, (performance.now() - startMs) / 1000)
    })
  }
}

export const countRequests =
  (count: CountRequest): RequestHandler =>
  (request, response, next) => {
    count(request.method, response, () => String(response.locals['route'] ?? 'other'))
    next()
  }
