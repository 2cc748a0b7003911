import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseQuery } from '@warren/influxql/parse'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { generatedFiles } from './files.ts'

const targetSchema = z.object({ query: z.string(), rawQuery: z.boolean().optional() })
const panelSchema = z.object({
  type: z.string(),
  title: z.string().min(1),
  description: z.string().optional(),
  datasource: z.object({ uid: z.string() }).optional(),
  fieldConfig: z.object({ defaults: z.object({ unit: z.string().optional() }) }).optional(),
  targets: z.array(targetSchema).optional(),
})
const dashboardSchema = z.object({
  uid: z.string().max(40),
  panels: z.array(panelSchema),
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.string() })) }),
})

/** What Grafana puts in place of its macros before it sends a query. */
const filled = (query: string): string =>
  query
    .replaceAll('$timeFilter', 'time >= 1785542400000ms and time <= 1785564000000ms')
    .replaceAll('$__interval', '30s')
    .replaceAll('$host', '(web-1|web-2)')

describe.each([...generatedFiles()])('%s', (path, text) => {
  it('is committed as it is generated (`node dashboards/grafana/generate.ts`)', () => {
    expect(readFileSync(join(import.meta.dirname, 'generated', path), 'utf8')).toBe(text)
  })

  if (!path.endsWith('.json')) return
  const dashboard = dashboardSchema.parse(JSON.parse(text))
  const panels = dashboard.panels.filter(({ type }) => type !== 'row')

  it('has panels that explain themselves and name a data source variable', () => {
    expect(panels.length).toBeGreaterThan(2)
    const sources = dashboard.templating.list.filter(({ type }) => type === 'datasource')
    for (const panel of panels) {
      expect(panel.description).toMatch(/\w/)
      expect(sources.map(({ name }) => `$${name}`)).toContain(panel.datasource?.uid)
      if (panel.type !== 'logs') expect(panel.fieldConfig?.defaults.unit).toMatch(/\w/)
    }
  })

  it('asks what our own parser reads', () => {
    for (const { query, rawQuery } of panels.flatMap(({ targets = [] }) => targets))
      if (rawQuery === true) expect(parseQuery(filled(query))).toHaveLength(1)
  })
})
