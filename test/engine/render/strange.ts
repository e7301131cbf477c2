import {
  act,
  at,
  compare,
  consentIs,
  field,
  fieldOf,
  goTo,
  named,
  number,
  processOf,
  purposeOf,
  rule,
  stageOf,
  workspaceOf,
} from '../declarations.ts'

/** Signs that mean something to one notation or another. */
export const signs = `<script>alert("1")</script> & &amp; 'q' \\ \\N \\l %% ; : # {a} [b] |c| *d* _e_ $f$ ~g \`h\``

/**
 * A process that has every kind of way: rules of the process, free moves, a way back to the same stage, many rules between the same
 * two stages, and titles that would break a careless drawing.
 */
export const strange = workspaceOf(
  processOf(
    'state',
    [
      stageOf('note', {
        title: { en: signs },
        rules: [
          rule('note.form.1', { kind: 'form', form: 'book' }, [goTo('end')]),
          rule('note.reply.1', { kind: 'reply', saying: [] }, [goTo('end')]),
          rule('note.at.1', { kind: 'at', time: field('due', 'date') }, [goTo('end')]),
          rule('note.move.1', { kind: 'move', to: 'end', by: ['clerk'], as: { en: signs } }, [], {
            when: compare(field('price'), '>', number(1)),
          }),
          rule('note.cases-done.1', { kind: 'cases done' }, [goTo('note')]),
          rule('note.consent.1', { kind: 'consent', purpose: 'care', decision: 'given' }, [
            goTo('end', consentIs('care')),
          ]),
        ],
      }),
      stageOf('end', {
        title: { en: 'Zażółć gęślą jaźń, a title that is so long that it has to be broken into many lines' },
        manualEntry: 'forbidden',
        needs: [{ purpose: 'care', otherwise: 'stopped', at: at(1) }],
        require: [{ field: 'price', at: at(1) }],
        rules: [
          rule('end.move.1', { kind: 'move', to: 'done' }),
          rule('end.when.1', { kind: 'when' }, [goTo('done')], { when: compare(field('price'), '=', number(2)) }),
        ],
      }),
      stageOf('done', {
        final: true,
        success: true,
        title: { en: 'Done' },
        needs: [{ purpose: 'care', otherwise: 'stopped', at: at(1) }],
      }),
      stageOf('stopped', { final: true, title: { en: 'Stopped' } }),
    ],
    {
      title: { en: `Strange ${signs}` },
      moves: 'free',
      access: { clerk: ['see', 'move'], boss: ['see', 'move'] },
      fields: named(fieldOf('price', 'money', { title: { en: 'Price' } }), fieldOf('due', 'date')),
      rules: [
        rule('*.consent.1', { kind: 'consent', purpose: 'care', decision: 'withdrawn' }, [goTo('stopped')]),
        rule('*.signal.1', { kind: 'signal', signal: 'stop' }, [goTo('stopped')]),
        rule('*.after.1', { kind: 'after', delay: { amount: 1, unit: 'year', working: false } }, [goTo('stopped')]),
        rule('*.reply.1', { kind: 'reply', saying: ['yes'] }, [
          act({ kind: 'record consent', purpose: 'care', decision: 'given' }),
        ]),
      ],
    },
  ),
  {
    purposes: named(purposeOf('care', 'explicit consent')),
    roles: named(
      { name: 'clerk', title: { en: 'Clerk' }, clients: [], at: at(1) },
      { name: 'boss', title: { en: 'Boss' }, clients: [], at: at(1) },
    ),
    forms: named({
      name: 'book',
      title: { en: 'Book "now"' },
      fills: 'state',
      questions: [],
      at: at(1),
    }),
  },
)
