import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { Relation, SceneObject } from '../../app/contract/scene.ts';
import { engine } from '../engine/client.ts';
import { useLoadable } from '../engine/loadable.ts';

/** Objects and relations of the environment that the open session belongs to. */
export const useScene = defineStore('scene', () => {
  const environment = ref<string>();
  const objects = useLoadable<readonly SceneObject[]>();
  const relations = useLoadable<readonly Relation[]>();

  const byId = computed(() => new Map((objects.current.value.value ?? []).map((object) => [object.id, object])));

  /** Label, with a number where several objects share it: "chair 2". */
  const names = computed(() => {
    const groups = Map.groupBy(objects.current.value.value ?? [], (object) => object.label);
    return new Map(
      [...groups].flatMap(([label, group]) =>
        group.map((object, i) => [object.id, group.length > 1 ? `${label} ${i + 1}` : label] as const),
      ),
    );
  });

  const refresh = async (): Promise<void> => {
    const name = environment.value;
    if (name) {
      await Promise.all([
        objects.read(() => engine.objects.list({ environment: name })),
        relations.read(() => engine.relations.list({ environment: name })),
      ]);
    }
  };

  const open = (name: string | undefined): void => {
    if (environment.value !== name) {
      environment.value = name;
      objects.clear();
      relations.clear();
      void refresh();
    }
  };

  return { environment, objects: objects.current, relations: relations.current, byId, names, open, refresh };
});
