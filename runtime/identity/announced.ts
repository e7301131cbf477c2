import type { IdentityStore } from './identity-store.ts'

/** The same store, which tells every node when what one may have read of people and sessions is so no more. */
export function announced(
  store: IdentityStore,
  tell: (changed: 'people' | 'sessions') => Promise<void>,
): IdentityStore {
  const telling =
    <Asked extends unknown[], Answer>(changed: 'people' | 'sessions', change: (...asked: Asked) => Promise<Answer>) =>
    async (...asked: Asked): Promise<Answer> => {
      const answer = await change(...asked)
      await tell(changed)
      return answer
    }
  return {
    ...store,
    addPerson: telling('people', store.addPerson),
    endSession: telling('sessions', store.endSession),
    endSessionsOf: telling('sessions', store.endSessionsOf),
  }
}
