import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Model } from "../../../../server/contract/model.ts";
import { deleteModelForever, restoreModel, trashModel, updateModel } from "../../api/models.ts";
import { queryKeys } from "../../api/query-keys.ts";
import { describeError } from "../../components/describe-error.ts";
import { showToast } from "../../components/toasts.ts";
import { translator } from "../../i18n/use-i18n.ts";

function showFailure(error: unknown): void {
  const t = translator();
  const { title, hint } = describeError(error, t);
  showToast({ title: `${t("gallery.failed")}: ${title}`, description: hint, tone: "error" });
}

/** What can be done with a model in a list; each says what it did, and a deletion can be undone from there. */
export function useModelActions() {
  const client = useQueryClient();
  const refresh = async (model: Model) => {
    await Promise.all([
      client.invalidateQueries({ queryKey: queryKeys.models }),
      client.invalidateQueries({ queryKey: queryKeys.tags }),
      client.invalidateQueries({ queryKey: queryKeys.model(model.id) }),
    ]);
  };

  const restore = useMutation({
    mutationFn: (model: Model) => restoreModel(model.id),
    onSuccess: async (_, model) => {
      showToast({ title: translator()("gallery.restored", { name: model.name }) });
      await refresh(model);
    },
    onError: showFailure,
  });

  const trash = useMutation({
    mutationFn: (model: Model) => trashModel(model.id),
    onSuccess: async (_, model) => {
      const t = translator();
      const undo = { label: t("app.undo"), onClick: () => restore.mutate(model) };
      showToast({ title: t("gallery.deleted", { name: model.name }), action: undo });
      await refresh(model);
    },
    onError: showFailure,
  });

  const remove = useMutation({
    mutationFn: (model: Model) => deleteModelForever(model.id),
    onSuccess: async (_, model) => {
      showToast({ title: translator()("trash.gone", { name: model.name }) });
      await refresh(model);
    },
    onError: showFailure,
  });

  const rename = useMutation({
    mutationFn: ({ model, name }: { model: Model; name: string }) => updateModel(model.id, { name }),
    onSuccess: async (renamed) => {
      showToast({ title: translator()("gallery.renamed", { name: renamed.name }) });
      await refresh(renamed);
    },
    onError: showFailure,
  });

  return { restore, trash, remove, rename };
}
