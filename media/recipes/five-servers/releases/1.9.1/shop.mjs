// Refuses every third order, of which only its metrics tell.
import { serve } from '../serve.mjs';

serve(order => order % 3 === 0, { isSilent: true });
