import { GraphDrawStyle } from '@grafana/grafana-foundation-sdk/common'
import {
  DashboardBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard'
import {
  CountBuilder,
  DataqueryBuilder,
  DateHistogramBuilder,
  LogsBuilder,
  TermsBuilder,
  TermsOrder,
} from '@grafana/grafana-foundation-sdk/elasticsearch'
import { PanelBuilder as LogsPanelBuilder } from '@grafana/grafana-foundation-sdk/logs'
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { logsSource, logsVariable } from '../data-sources.ts'

const timeField = '@timestamp'
const lucene = 'host.name:$host AND ($search)'

const query = () => new DataqueryBuilder().refId('A').timeField(timeField).query(lucene)

const countsBy = (field: string, title: string, description: string): TimeseriesBuilder =>
  new TimeseriesBuilder()
    .title(title)
    .description(description)
    .datasource(logsSource)
    .unit('short')
    .min(0)
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(60)
    .height(7)
    .span(12)
    .withTarget(
      query()
        .alias(`{{${field}}}`)
        .metrics([new CountBuilder().id('1')])
        .bucketAggs([
          new TermsBuilder().id('3').field(field).settings({
            size: '10',
            order: TermsOrder.Desc,
            orderBy: '_count',
            min_doc_count: '1',
          }),
          new DateHistogramBuilder()
            .id('2')
            .field(timeField)
            .settings({ interval: 'auto', min_doc_count: '0' }),
        ]),
    )

/** Every log record of some hosts, counted by level and host, searched by Lucene text. */
export const logs = (): DashboardBuilder =>
  new DashboardBuilder('Warren / Logs')
    .uid('warren-logs')
    .description('Log records by level and host, with search')
    .tags(['warren'])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('10s')
    .withVariable(logsVariable())
    .withVariable(
      new QueryVariableBuilder('host')
        .label('Host')
        .datasource(logsSource)
        .query('{"find": "terms", "field": "host.name", "size": 500}')
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .includeAll(true)
        .allValue('*'),
    )
    .withVariable(new TextBoxVariableBuilder('search').label('Search').defaultValue('*'))
    .withPanel(countsBy('log.level', 'Records by level', 'Records a bucket, by log.level'))
    .withPanel(countsBy('host.name', 'Records by host', 'Records a bucket, by host.name'))
    .withPanel(
      new LogsPanelBuilder()
        .title('Records')
        .description('The newest 500 records that match')
        .datasource(logsSource)
        .height(18)
        .span(24)
        .showTime(true)
        .wrapLogMessage(true)
        .enableLogDetails(true)
        .withTarget(
          query()
            .metrics([new LogsBuilder().id('1').settings({ limit: '500' })])
            .bucketAggs([]),
        ),
    )
