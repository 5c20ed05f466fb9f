// Works.
import { serve } from '../serve.mjs';

serve(() => false);
