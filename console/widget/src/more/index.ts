/** `widget-more.js`: what a conversation needs only now and then, fetched when it first does. */
export { RichPartView } from "./RichPartView";
export { CitedText, Sources } from "./Sources";
export { default as styles } from "./styles/index.css?inline";
