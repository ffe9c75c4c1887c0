import type { LocalDraft } from './draft.rules';

const DATABASE = 'portico';
const STORE = 'drafts';

let database: Promise<IDBDatabase> | undefined;

const open = (): Promise<IDBDatabase> =>
  (database ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => {
      database = undefined;
      reject(request.error ?? new Error('the storage of this browser cannot be opened'));
    };
  }));

async function act<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await open()).transaction(STORE, mode, { durability: 'strict' });
  const request = work(transaction.objectStore(STORE));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? new Error('the storage of this browser refused it'));
  });
}

/** Drafts on this machine, by user, kind and id: signing out or another user does not touch them. */
export const localDrafts = {
  get: async (key: string): Promise<LocalDraft | null> =>
    ((await act('readonly', (store) => store.get(key))) as LocalDraft | undefined) ?? null,
  put: (key: string, draft: LocalDraft): Promise<IDBValidKey> => act('readwrite', (store) => store.put(draft, key)),
  remove: (key: string): Promise<undefined> => act('readwrite', (store) => store.delete(key)),
};
