// The message if a run does not accept an instruction.
import { t } from '../../../protocol/words/translate.ts';

export function wordsOf(): { readonly notTaken: string; readonly refused: string } {
  return {
    notTaken: t("Saved, but the run hasn't responded yet. The window or terminal that runs it may have closed."),
    refused: t('The run did not accept this:'),
  };
}
