/** To whom everything belongs while the product runs without accounts. */
export const LOCAL_USER_ID = "00000000-0000-7000-8000-000000000001";
