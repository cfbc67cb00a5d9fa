/** Plain text only; nothing in it was typed by somebody else than the reader or an administrator. */
export interface Letter {
  subject: string;
  text: string;
}

export type LetterLocale = "en" | "ru";

const ENGLISH = {
  verify: (url: string) => ({
    subject: "Confirm your e-mail address",
    text: `Somebody, hopefully you, registered with Photo to 3D with this address.

Confirm it here, within a day:
${url}

If that wasn't you, do nothing: without this step there is no account.`,
  }),
  alreadyRegistered: (url: string) => ({
    subject: "You have an account already",
    text: `Somebody, hopefully you, tried to register with Photo to 3D with this address. It has an account already.

Sign in here: ${url}/sign-in
If you have forgotten the password, choose "Forgotten password?" there.

If that wasn't you, nothing has to be done.`,
  }),
  changeAddress: (url: string) => ({
    subject: "Confirm your new e-mail address",
    text: `Somebody, hopefully you, wants to sign in to Photo to 3D with this address from now on.

Confirm it here, within a day:
${url}

If that wasn't you, do nothing: the old address stays.`,
  }),
  addressChanged: (address: string) => ({
    subject: "Your e-mail address was changed",
    text: `Your account at Photo to 3D has another e-mail address from now on: ${address}

If that wasn't you, tell an administrator of the server at once.`,
  }),
  reset: (url: string) => ({
    subject: "Choose a new password",
    text: `Somebody, hopefully you, has forgotten the password of this address at Photo to 3D.

Choose a new one here, within an hour:
${url}

If that wasn't you, do nothing: the old password stays.`,
  }),
  passwordChanged: (url: string) => ({
    subject: "Your password was changed",
    text: `The password of your account at Photo to 3D was changed, and other devices were signed out.

If that wasn't you, choose a new one at once: ${url}/sign-in, "Forgotten password?".`,
  }),
  invitation: (url: string) => ({
    subject: "You are invited to Photo to 3D",
    text: `An administrator has invited you to Photo to 3D, which makes 3D models of photos.

Make your account here, within seven days:
${url}`,
  }),
};

const RUSSIAN: typeof ENGLISH = {
  verify: (url) => ({
    subject: "Подтвердите адрес почты",
    text: `Кто-то — надеемся, вы — зарегистрировался в «Фото в 3D» с этим адресом.

Подтвердите его здесь в течение суток:
${url}

Если это были не вы, ничего не делайте: без этого шага учётной записи не будет.`,
  }),
  alreadyRegistered: (url) => ({
    subject: "У вас уже есть учётная запись",
    text: `Кто-то — надеемся, вы — хотел зарегистрироваться в «Фото в 3D» с этим адресом. Учётная запись у него уже есть.

Войдите здесь: ${url}/sign-in
Если пароль забыт, выберите там «Забыли пароль?».

Если это были не вы, делать ничего не нужно.`,
  }),
  changeAddress: (url) => ({
    subject: "Подтвердите новый адрес почты",
    text: `Кто-то — надеемся, вы — хочет теперь входить в «Фото в 3D» с этим адресом.

Подтвердите его здесь в течение суток:
${url}

Если это были не вы, ничего не делайте: останется прежний адрес.`,
  }),
  addressChanged: (address) => ({
    subject: "Ваш адрес почты изменён",
    text: `У вашей учётной записи в «Фото в 3D» теперь другой адрес почты: ${address}

Если это сделали не вы, сразу сообщите администратору сервера.`,
  }),
  reset: (url) => ({
    subject: "Выберите новый пароль",
    text: `Кто-то — надеемся, вы — забыл пароль этого адреса в «Фото в 3D».

Выберите новый здесь в течение часа:
${url}

Если это были не вы, ничего не делайте: останется прежний пароль.`,
  }),
  passwordChanged: (url) => ({
    subject: "Ваш пароль изменён",
    text: `Пароль вашей учётной записи в «Фото в 3D» изменён, на других устройствах выполнен выход.

Если это сделали не вы, сразу выберите новый: ${url}/sign-in, «Забыли пароль?».`,
  }),
  invitation: (url) => ({
    subject: "Вас приглашают в «Фото в 3D»",
    text: `Администратор приглашает вас в «Фото в 3D», где по фотографиям делают трёхмерные модели.

Создайте учётную запись здесь в течение семи дней:
${url}`,
  }),
};

/** The letters in the reader's language. */
export const lettersIn = (locale: LetterLocale) => (locale === "ru" ? RUSSIAN : ENGLISH);
