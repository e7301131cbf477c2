import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { createFigures } from '../../../runtime/metrics/figures.ts'
import { readExposition } from '../../exposition.ts'

const { registry } = createFigures()
const families = new Map(readExposition(registry.text()).map(({ name, type }) => [name, type]))

/** The figures that a query names, as they are declared. */
function named(query: string): string[] {
  return [...query.matchAll(/\b(?:zgoda|process|nodejs)_\w+/g)].map(([name]) => {
    const base = name.replace(/_(bucket|sum|count)$/, '')
    return families.get(base) === 'histogram' ? base : name
  })
}

async function queriesOfDashboard(): Promise<string[]> {
  const { panels } = JSON.parse(await readFile('docs/grafana/zgoda.json', 'utf8'))
  return panels.flatMap(({ targets }: { targets: { expr: string }[] }) => targets.map(({ expr }) => expr))
}

/** Of the table of alerts: the expression stands in the second column. */
async function queriesOfAlerts(): Promise<string[]> {
  const text = await readFile('docs/operations.md', 'utf8')
  return [...text.matchAll(/^\|[^|]+\| `([^`]*(?:zgoda|process|nodejs)_[^`]*)` \|/gm)].map(([, query = '']) =>
    query.replaceAll('\\|', '|'),
  )
}

describe('the dashboard and the alerts', () => {
  it('ask for figures that there are', async () => {
    const [shown, alerts] = [await queriesOfDashboard(), await queriesOfAlerts()]
    expect([shown.length > 20, alerts.length]).toEqual([true, 9])
    const queries = [...shown, ...alerts]
    for (const query of queries) {
      expect(named(query).length, query).toBeGreaterThan(0)
      for (const name of named(query)) expect([...families.keys()], query).toContain(name)
    }
  })

  it('show every figure somewhere', async () => {
    const shown = (await queriesOfDashboard()).flatMap(named)
    for (const name of families.keys()) expect(shown).toContain(name)
  })
})
