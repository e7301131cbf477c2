import type { Values } from '../../engine/case.ts'
import type { Definition, Form } from '../../engine/definition.ts'
import { decide } from '../../engine/index.ts'
import type { CaseService } from '../cases/cases.ts'
import type { Road } from '../cases/road.ts'
import type { Versions } from '../cases/versions.ts'
import { checkDecision } from '../consent/check.ts'
import type { CaseView, Portal } from '../http/ports.ts'
import type { PortalSessions } from '../identity/portal-sessions.ts'
import { Refusal } from '../refusal.ts'

export type Submission = Parameters<Portal['submit']>[0]

export interface PortalParts {
  readonly sessions: PortalSessions
  readonly cases: CaseService
  readonly road: Road
  readonly versions: Versions
}

/** The client's own door: sessions, and the forms they fill in. */
export function createPortal({ sessions, cases, road, versions }: PortalParts): Portal {
  return {
    openLink: (token) => sessions.openLink(token),
    openCode: (code, from) => sessions.openCode(code, from),
    issueCode: (by, clientId) => sessions.issueCode(by, clientId),
    session: (token) => sessions.session(token),
    newSession: (clientId) => sessions.newSession(clientId),
    endSession: (token) => sessions.endSession(token),
    async submit(submission) {
      const definition = versions.definition()
      const form = openForm(definition, submission.name)
      checkStatements(definition, submission)
      const view = form.starts ? await start(form.starts, submission) : await fill(submission)
      return { clientId: view.client?.id ?? '', case: view }
    },
  }

  /** A stranger becomes a client by the form itself, so the case is begun by the rules and not by a known client. */
  function start(process: string, submission: Submission): Promise<CaseView> {
    const current = versions.current(process)
    if (!current?.process.portal) throw noSuchForm(submission.name)
    const by = { kind: 'client', clientId: submission.clientId ?? '' } as const
    return cases.begin(
      by,
      current,
      {
        fields: submission.values,
        language: submission.language,
        ...(submission.clientId ? { client: submission.clientId } : {}),
      },
      {
        form: { name: submission.name, consents: submission.consents, evidence: evidenceOf(submission) },
        ...(submission.clientId && submission.key ? { once: { key: submission.key, body: submission } } : {}),
      },
    )
  }

  async function fill(submission: Submission): Promise<CaseView> {
    const { clientId, caseId } = submission
    if (!clientId || !caseId) throw new Refusal('not-found', 'open this form from your case in the portal')
    const by = { kind: 'client', clientId } as const
    await cases.get(by, caseId)
    await road.happen({
      caseId,
      event: 'form',
      decide: (loaded, now) =>
        decide(
          loaded.running.machine,
          loaded.state,
          {
            type: 'form',
            by: { kind: 'client' },
            form: submission.name,
            values: submission.values as Values,
            consents: submission.consents,
            evidence: evidenceOf(submission),
          },
          { now },
        ),
    })
    return cases.get(by, caseId)
  }
}

/** Forms are open where their process stands in the portal; of others a stranger learns nothing. */
function openForm(definition: Definition, name: string): Form {
  const form = Object.hasOwn(definition.forms, name) ? definition.forms[name] : undefined
  const process = form && definition.processes[form.starts ?? form.fills ?? '']
  if (!form || !process?.portal) throw noSuchForm(name)
  return form
}

function noSuchForm(name: string): Refusal {
  return new Refusal('not-found', `there is no form \`${name.slice(0, 60)}\` here`)
}

function checkStatements(definition: Definition, { consents, statements }: Submission): void {
  for (const [purpose, decision] of Object.entries(consents)) {
    checkDecision(
      definition,
      { purpose, decision, ...(statements[purpose] ? { statement: statements[purpose] } : {}) },
      'client',
    )
  }
}

/** What shows later that the client decided: the form, and what they typed. The record itself says when and which text. */
function evidenceOf({ name, statements, language }: Submission): Readonly<Record<string, unknown>> {
  return { channel: 'form', form: name, language, ...(Object.keys(statements).length > 0 ? { statements } : {}) }
}
