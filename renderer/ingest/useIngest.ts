import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { LociError } from '../../app/contract/errors.ts';
import { uploadFile } from '../engine/binary.ts';
import { problemOf } from '../engine/problem.ts';

/** A file on its way to the engine. */
export interface Upload {
  readonly name: string;
  readonly share: number;
}

/** The form that starts an ingest, and the way a dropped file takes into it. */
export const useIngest = defineStore('ingest', () => {
  const formOpen = ref(false);
  const path = ref('');
  const suggestedSession = ref('');
  const upload = shallowRef<Upload>();
  const problem = shallowRef<LociError>();
  let uploading: AbortController | undefined;

  /** In Electron the engine reads the file where it is; in a browser the file is sent to it first. */
  const take = async (file: File): Promise<void> => {
    problem.value = undefined;
    suggestedSession.value = file.name.replace(/\.[^.]+$/, '');
    formOpen.value = true;
    if (window.loci) {
      path.value = window.loci.pathForFile(file);
      return;
    }
    uploading?.abort();
    uploading = new AbortController();
    path.value = '';
    upload.value = { name: file.name, share: 0 };
    try {
      path.value = await uploadFile(file, (share) => (upload.value = { name: file.name, share }), uploading.signal);
    } catch (thrown) {
      if (!(thrown instanceof DOMException && thrown.name === 'AbortError')) {
        problem.value = problemOf(thrown);
      }
    } finally {
      upload.value = undefined;
    }
  };

  const cancelUpload = (): void => uploading?.abort();

  return { formOpen, path, suggestedSession, upload, problem, take, cancelUpload };
});
