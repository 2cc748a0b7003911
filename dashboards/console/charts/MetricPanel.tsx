import { Card, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { queryMetrics } from '../http/metrics.ts'
import { Empty, QueryState } from '../states/QueryState.tsx'
import { type Span, spanOf, type TimeRange } from '../time/range.ts'
import { refreshOf } from '../time/refresh.ts'
import type { Unit } from './format.ts'
import { type Lines, toLines } from './lines.ts'
import { chartHeight, TimeSeriesChart } from './TimeSeriesChart.tsx'
import type { Bounds } from './use-plot.ts'

export interface MetricPanelProps {
  readonly title: string
  readonly description: string
  readonly unit: Unit
  readonly range: TimeRange
  /** InfluxQL for a stretch of time. */
  readonly text: (span: Span) => string
  readonly max?: number | undefined
  readonly stacked?: boolean | undefined
  readonly onZoom?: ((span: Span) => void) | undefined
}

interface Answer {
  readonly lines: Lines
  readonly bounds: Bounds
}

async function load({ text, range }: MetricPanelProps, signal: AbortSignal): Promise<Answer> {
  const span = spanOf(range)
  const [series = []] = await queryMetrics(text(span), signal)
  return { lines: toLines(series), bounds: { from: span.fromMs / 1000, to: span.toMs / 1000 } }
}

/** A chart that asks again every few seconds while it can be seen. */
export function MetricPanel(props: MetricPanelProps) {
  const { title, description, unit, range, text, max, stacked, onZoom } = props
  const query = useQuery({
    queryKey: ['metrics', title, text({ fromMs: 0, toMs: 0 }), range],
    queryFn: ({ signal }) => load(props, signal),
    refetchInterval: refreshOf(range),
    placeholderData: keepPreviousData,
  })
  return (
    <Card withBorder padding="sm" radius="md" component="section" aria-label={title}>
      <Text size="sm" fw={600} title={description}>
        {title}
      </Text>
      <QueryState
        query={query}
        what={title}
        height={chartHeight + 20}
        isEmpty={({ lines }) => lines.times.length === 0}
        empty={
          <Empty title="No data in this range" height={chartHeight + 20}>
            Choose a longer range, or see whether the agent runs. {description} would be here.
          </Empty>
        }
      >
        {({ lines, bounds }) => (
          <TimeSeriesChart
            label={title}
            lines={lines}
            unit={unit}
            bounds={bounds}
            max={max}
            stacked={stacked}
            onZoom={onZoom && ((from, to) => onZoom({ fromMs: from * 1000, toMs: to * 1000 }))}
          />
        )}
      </QueryState>
    </Card>
  )
}
