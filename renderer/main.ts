import { createPinia } from 'pinia';
import { createApp } from 'vue';
import Workstation from './shell/Workstation.vue';
import './theme.css';

createApp(Workstation).use(createPinia()).mount('#app');
