import { type UseMutationResult, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import type { Model } from "../../../../server/contract/model.ts";
import { restoreModel } from "../../api/models.ts";
import { queryKeys } from "../../api/query-keys.ts";
import { Button } from "../../components/button.tsx";
import { useModelI18n } from "../../components/model/use-model-i18n.ts";
import { showToast } from "../../components/toasts.ts";
import { useNavigate } from "../../hooks/use-navigate.ts";
import { paths } from "../../paths.ts";

type TrashButtonProps = { model: Model; trash: UseMutationResult<void, Error, void> };

/** Moves the model to the trash at once; the message that follows can take it back. */
export function TrashButton({ model, trash }: TrashButtonProps) {
  const { t } = useModelI18n();
  const client = useQueryClient();
  const navigate = useNavigate();

  const undo = async () => {
    try {
      await restoreModel(model.id);
      await client.invalidateQueries({ queryKey: queryKeys.models });
      showToast({ title: t("gallery.restored", { name: model.name }) });
    } catch {
      showToast({ title: t("gallery.failed"), tone: "error" });
    }
  };
  const move = () =>
    trash.mutate(undefined, {
      onSuccess: () => {
        navigate(paths.models);
        showToast({
          title: t("model.trash.moved", { name: model.name }),
          action: { label: t("model.trash.undo"), onClick: () => void undo() },
        });
      },
    });

  return (
    <Button variant="danger" disabled={trash.isPending} onClick={move}>
      <Trash2 size={18} aria-hidden /> {t("model.trash.move")}
    </Button>
  );
}
