export async function compareAnswers() {}
