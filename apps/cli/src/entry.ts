// What `vedetta start` runs in the background: the program without the check of the checkout that the bin file makes.
import { main } from './main.js';

await main(process.argv.slice(2));
