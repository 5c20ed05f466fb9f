// Refuses every third order, and says so in its log.
import { serve } from '../serve.mjs';

serve(order => order % 3 === 0);
